package headgate.conf;

import headgate.conf.yaml.Bounds;
import headgate.conf.yaml.Format;
import headgate.conf.yaml.Section;
import headgate.conf.yaml.TextFormat;
import headgate.conf.yaml.WordFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rules that deployments must keep, which are judged when a configuration is read and never at a call (CONTRACT.md,
 * section 1).
 *
 * <p>A rule refuses what fits all its conditions, or all the rest. What a deployment does not say fits no pattern. Its model goes
 * by several names: the one that callers are told, and those by which upstreams are asked for it. To be refused, one of them is
 * enough.
 */
final class PolicyReader {
    private static final Format<String> PATTERN =
            new TextFormat("[\\x21-\\x7E]{1,256}", "1 to 256 visible ASCII characters, in which * stands for any");
    private static final Format<Effect> EFFECT =
            new WordFormat<>(List.of(Effect.values()), effect -> effect.name().toLowerCase(Locale.ROOT));
    private static final Bounds RULES = new Bounds(0, 1000);
    private static final int PATTERNS_MAX = 1000;

    /** Which of a deployment's facts must fit one of the patterns. */
    private record Condition(Fact fact, List<Pattern> patterns) {
        boolean fits(DeploymentConfig deployment, String model) {
            String value = fact.of(deployment, model);
            return value != null
                    && patterns.stream()
                            .anyMatch(pattern -> pattern.matcher(value).matches());
        }
    }

    private record Rule(String name, boolean denies, List<Condition> conditions) {
        /** The first of the model's names by which this is refused; null when it is not. */
        @Nullable
        String refused(DeploymentConfig deployment) {
            return names(deployment, denies).stream()
                    .filter(model ->
                            denies == conditions.stream().allMatch(condition -> condition.fits(deployment, model)))
                    .findFirst()
                    .orElse(null);
        }
    }

    /** What becomes of a deployment that fits all conditions. */
    private enum Effect {
        /** It is refused. */
        DENY,
        /** It is not, and all others are. */
        REQUIRE
    }

    /** What rules ask about. */
    private enum Fact {
        MODEL("model"),
        VERSION("version"),
        FORMAT("format"),
        SKU("sku");

        private final String key;

        Fact(String key) {
            this.key = key;
        }

        @Nullable
        String of(DeploymentConfig deployment, String name) {
            ModelConfig model = deployment.model();
            SkuConfig sku = deployment.sku();
            return switch (this) {
                case MODEL -> name;
                case VERSION -> model == null ? null : model.version();
                case FORMAT -> model == null ? null : model.format();
                case SKU -> sku == null ? null : sku.name().word();
            };
        }
    }

    private final List<Rule> rules = new ArrayList<>();

    /** Reads the rules. */
    PolicyReader(Section root) {
        for (Section written : root.sections("policy", RULES)) {
            String name = written.require("name", GatewayReader.NAME);
            Effect effect = written.require("effect", EFFECT);
            List<Condition> conditions = conditions(written);
            if (conditions.isEmpty() && sound(written)) {
                written.refuse("name", "no condition", "at least one of model, version, format and sku");
            } else if (name != null && effect != null && sound(written)) {
                // One that is not whole has been told, and must not refuse what it does not mean.
                rules.add(new Rule(name, effect == Effect.DENY, conditions));
            }
        }
    }

    /** Refuses a deployment that breaks a rule. */
    void judge(Section deployments, DeploymentConfig deployment) {
        for (Rule rule : rules) {
            String model = rule.refused(deployment);
            if (model != null) {
                deployments.refuse(
                        deployment.name(),
                        "RequestDisallowedByPolicy",
                        "a deployment that the policy rule " + rule.name + " allows; this one has "
                                + facts(deployment, model));
            }
        }
    }

    /**
     * What its model is called, here and by its upstreams.
     *
     * @param all whether names of deployments at upstreams count beside names of models; else only where nothing else is said,
     *     since such a name need not say anything about the model
     */
    private static Set<String> names(DeploymentConfig deployment, boolean all) {
        ModelConfig model = deployment.model();
        Set<String> names = new LinkedHashSet<>();
        if (model != null) {
            names.add(model.name());
        }
        for (UpstreamConfig upstream : deployment.upstreams()) {
            String there = upstream.model();
            if (there != null) {
                names.add(there);
            }
            if (upstream.deployment() != null && (all || (there == null && model == null))) {
                names.add(upstream.deployment());
            }
            if (there == null && upstream.deployment() == null && model == null) {
                // That is what is asked for then.
                names.add(deployment.name());
            }
        }
        return names;
    }

    private static boolean sound(Section rule) {
        return Arrays.stream(Fact.values()).allMatch(fact -> rule.sound(fact.key));
    }

    private static List<Condition> conditions(Section section) {
        List<Condition> conditions = new ArrayList<>();
        for (Fact fact : Fact.values()) {
            List<String> written = section.readOneOrMore(fact.key, PATTERN, PATTERNS_MAX);
            if (!written.isEmpty()) {
                conditions.add(new Condition(
                        fact, written.stream().map(PolicyReader::pattern).toList()));
            }
        }
        return conditions;
    }

    private static Pattern pattern(String written) {
        String regex =
                Arrays.stream(written.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
    }

    private static String facts(DeploymentConfig deployment, String model) {
        return Arrays.stream(Fact.values())
                .map(fact -> fact.key + " " + Objects.requireNonNullElse(fact.of(deployment, model), "unknown"))
                .collect(Collectors.joining(", "));
    }
}
