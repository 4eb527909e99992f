package headgate.filters.content.text;

import headgate.conf.BlocklistConfig;
import headgate.conf.BlocklistConfig.Item;
import headgate.conf.ContentFilterConfig;
import headgate.conf.ContentFilterConfig.Action;
import headgate.conf.ContentFilterConfig.ListUse;
import headgate.conf.ContentFilterConfig.PatternUse;
import headgate.conf.ContentFilterConfig.Source;
import headgate.filters.content.TextRule;
import headgate.filters.content.TextRules;
import headgate.filters.content.TextScan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The words, expressions and patterns of a policy, compiled; that takes a while for long lists, and is no work for an event loop. */
public final class PolicyRules implements TextRules {
    private final List<Function<Matches, Scan>> scans = new ArrayList<>();

    private PolicyRules() {}

    /**
     * Compiles them.
     *
     * @param items those in force of a list, from the configuration and from elsewhere
     * @param charactersMax the longest match of an expression that is sure to be found
     */
    public static PolicyRules of(
            ContentFilterConfig policy, Source source, Function<BlocklistConfig, List<Item>> items, int charactersMax) {
        PolicyRules rules = new PolicyRules();
        List<Term> terms = new ArrayList<>();
        List<Term> alike = new ArrayList<>();
        for (ListUse use : policy.blocklists()) {
            if (use.source() == source) {
                BlocklistConfig list = use.list();
                Action action = use.blocking() ? Action.BLOCK : Action.ANNOTATE;
                TextRule rule = new TextRule(TextRule.Kind.BLOCKLIST, list.name(), action);
                List<Item> all = items.apply(list);
                rules.addExpressions(rule, list, all, charactersMax);
                addTerms(list.confusables() ? alike : terms, rule, list, all);
            }
        }
        rules.addTerms(terms, false);
        rules.addTerms(alike, true);
        rules.addPatterns(policy, source);
        return rules;
    }

    @Override
    public boolean isEmpty() {
        return scans.isEmpty();
    }

    @Override
    public TextScan newScan() {
        return new PolicyScan(scans);
    }

    private static void addTerms(List<Term> terms, TextRule rule, BlocklistConfig list, List<Item> items) {
        for (Item item : items) {
            Term term = Term.of(rule, list.matchCase(), list.confusables(), item.pattern());
            if (!item.isRegex() && term.units().length > 0) {
                terms.add(term);
            }
        }
    }

    private void addTerms(List<Term> terms, boolean lookalikes) {
        if (!terms.isEmpty()) {
            Terms compiled = Terms.of(terms, lookalikes);
            scans.add(matches -> new TermScan(compiled, matches));
        }
    }

    private void addExpressions(TextRule rule, BlocklistConfig list, List<Item> items, int charactersMax) {
        List<String> written =
                items.stream().filter(Item::isRegex).map(Item::pattern).toList();
        if (!written.isEmpty()) {
            Expressions compiled = Expressions.of(rule, written, list.matchCase(), list.confusables(), charactersMax);
            scans.add(matches -> new ExpressionScan(compiled, matches));
        }
    }

    private void addPatterns(ContentFilterConfig policy, Source source) {
        List<PatternScan.Use> uses = new ArrayList<>();
        for (PatternUse use : policy.patterns()) {
            if (use.source() == source) {
                TextRule rule =
                        new TextRule(TextRule.Kind.PATTERN, use.pattern().word(), use.action());
                uses.add(new PatternScan.Use(rule, form(use.pattern())));
            }
        }
        if (!uses.isEmpty()) {
            scans.add(matches -> new PatternScan(uses, matches));
        }
    }

    private static PatternForm form(ContentFilterConfig.Pattern pattern) {
        return switch (pattern) {
            case PAYMENT_CARD -> new PaymentCards();
            case IBAN -> new Ibans();
            case EMAIL -> new Emails();
            case PHONE -> new Phones();
            case NATIONAL_ID -> new NationalIds();
            case API_KEY -> new ApiKeys();
            case PRIVATE_KEY -> new PrivateKeys();
        };
    }
}
