package headgate.proxy.journey;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line that an operator types, as a shell takes it apart.
 *
 * @param words without their quotes, and with variables filled in
 * @param remark what stands behind a hash sign, or nothing
 */
record TypedCommand(List<String> words, String remark) {
    private static final Pattern WORD = Pattern.compile("\\s*(?:#\\s*(.*)|'([^']*)'|\"([^\"]*)\"|([^\\s'\"]+))");
    private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+)");

    /** The commands of a block; a backslash joins lines. */
    static List<TypedCommand> of(String block, Map<String, String> environment) {
        return block.replace("\\\n", " ")
                .lines()
                .map(line -> of(WORD.matcher(line.strip()), environment))
                .toList();
    }

    private static TypedCommand of(Matcher word, Map<String, String> environment) {
        List<String> words = new ArrayList<>();
        String remark = "";
        while (word.lookingAt()) {
            if (word.group(1) != null) {
                remark = word.group(1);
            } else if (word.group(3) != null) {
                words.add(VARIABLE.matcher(word.group(3)).replaceAll(name -> environment.get(name.group(1))));
            } else {
                words.add(word.group(2) != null ? word.group(2) : word.group(4));
            }
            word.region(word.end(), word.regionEnd());
        }
        return new TypedCommand(words, remark);
    }
}
