package headgate.filters.content.text;

import java.util.HashMap;
import java.util.Map;

/** International bank account numbers, alone or in groups of four: the length of their country, and check digits (ISO 13616). */
final class Ibans implements PatternForm {
    private static final int LENGTH_MIN = 15;

    private static final Map<String, Integer> LENGTHS = lengths("AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29"
            + " BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27"
            + " GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22"
            + " MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24"
            + " SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30");

    @Override
    public int length(UnitWindow text, int at) {
        if (!PatternForm.isLetter(text.at(at)) || !PatternForm.begins(text, at)) {
            return 0;
        }
        if (!PatternForm.isLetter(text.at(at + 1))
                || !PatternForm.isDigit(text.at(at + 2))
                || !PatternForm.isDigit(text.at(at + 3))) {
            return 0;
        }
        char first = (char) PatternForm.upper(text.at(at));
        char second = (char) PatternForm.upper(text.at(at + 1));
        int length = LENGTHS.getOrDefault("" + first + second, 0);
        return length < LENGTH_MIN ? 0 : length(text, at, length);
    }

    private static int length(UnitWindow text, int at, int length) {
        int rest = 0;
        int i = at;
        int[] values = new int[length];
        for (int count = 0; count < length; count++) {
            if (count > 0 && count % 4 == 0 && text.at(i) == ' ') {
                i++;
            }
            int unit = PatternForm.upper(text.at(i++));
            if (!PatternForm.isDigit(unit) && !PatternForm.isLetter(unit)) {
                return 0;
            }
            values[count] = PatternForm.isDigit(unit) ? unit - '0' : unit - 'A' + 10;
        }
        for (int k = 0; k < length; k++) {
            int value = values[(k + 4) % length];
            rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
        }
        return rest == 1 && PatternForm.ends(text, i) ? i - at : 0;
    }

    private static Map<String, Integer> lengths(String all) {
        Map<String, Integer> lengths = new HashMap<>();
        for (int i = 0; i < all.length(); i += 5) {
            lengths.put(all.substring(i, i + 2), Integer.valueOf(all.substring(i + 2, i + 4)));
        }
        return Map.copyOf(lengths);
    }
}
