package celeriant.app;

import celeriant.log.retention.RetentionRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** How much history a gateway's log keeps: the options of it. Without one everything stays. */
final class RetentionOptions {
    private static final Pattern AGE = Pattern.compile("age=(\\d{1,6})([smhd])");
    private static final Pattern EVENTS = Pattern.compile("events=(\\d{1,18})");
    private static final Pattern PAUSE = Pattern.compile("(\\d{1,6})([smhd])");

    @Option(
            names = "--retention",
            paramLabel = "TYPE:RULE",
            description = "What to keep of the aggregates of a type: age=30d (s, m, h, d), events=1000, or both with a"
                    + " comma; what is older or more is trimmed. With keyless also events that no key or snapshot"
                    + " keeps. May repeat. Example: canvas:age=90d,events=10000.")
    private List<String> rules = List.of();

    @Option(
            names = "--retention-every",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "Pause between two looks at what is to be trimmed (default 10m).")
    private String every;

    RetentionPlan plan() {
        Matcher pause = PAUSE.matcher(every);
        if (!pause.matches() || Long.parseLong(pause.group(1)) == 0) {
            throw new CannotRunException(
                    "--retention-every " + every + ": a time is a number above 0 with s, m, h or d");
        }
        return new RetentionPlan(
                rules.stream().map(RetentionOptions::rule).toList(), duration(pause.group(1), pause.group(2)));
    }

    static RetentionRule rule(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw wrong(text, "a rule is TYPE:age=30d,events=1000");
        }
        Duration age = null;
        long events = 0;
        boolean dropsKeyless = false;
        List<String> seen = new ArrayList<>();
        for (String part : text.substring(colon + 1).split(",", -1)) {
            Matcher ageFound = AGE.matcher(part);
            Matcher eventsFound = EVENTS.matcher(part);
            if (seen.contains(part.split("=")[0])) {
                throw wrong(text, part + " is said twice");
            }
            seen.add(part.split("=")[0]);
            if (ageFound.matches()) {
                age = duration(ageFound.group(1), ageFound.group(2));
            } else if (eventsFound.matches()) {
                events = Long.parseLong(eventsFound.group(1));
            } else if (part.equals("keyless")) {
                dropsKeyless = true;
            } else {
                throw wrong(text, "\"" + part + "\" is none of age=30d, events=1000, keyless");
            }
        }
        try {
            return new RetentionRule(text.substring(0, colon), age, events, dropsKeyless);
        } catch (IllegalArgumentException e) {
            throw wrong(text, e.getMessage());
        }
    }

    private static CannotRunException wrong(String text, String why) {
        return new CannotRunException("--retention " + text + ": " + why);
    }

    private static Duration duration(String number, String unit) {
        long count = Long.parseLong(number);
        return switch (unit) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> throw new IllegalArgumentException("no unit of time: " + unit);
        };
    }
}
