package celeriant.app.settings;

import celeriant.gateway.oidc.OidcIssuer;
import celeriant.log.retention.RetentionRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Retention rules and OIDC providers as people write them. */
final class RuleText {
    private static final Pattern EVENTS = Pattern.compile("events=(\\d{1,18})");
    private static final String AGE = "age=";

    private RuleText() {}

    /** {@code ISSUER=AUDIENCE,AUDIENCE}. */
    static OidcIssuer issuer(String text) {
        int sign = text.indexOf('=');
        if (sign < 1) {
            throw new IllegalArgumentException("a provider is ISSUER=AUDIENCE,AUDIENCE");
        }
        return new OidcIssuer(
                text.substring(0, sign), Set.of(text.substring(sign + 1).split(",")));
    }

    /** {@code TYPE:age=30d,events=1000,keyless}, all but one of the first two left out or not. */
    static RetentionRule retention(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("a rule is TYPE:age=30d,events=1000");
        }
        Duration age = null;
        long events = 0;
        boolean dropsKeyless = false;
        List<String> seen = new ArrayList<>();
        for (String part : text.substring(colon + 1).split(",", -1)) {
            String name = part.split("=")[0];
            if (seen.contains(name)) {
                throw new IllegalArgumentException(name + " is said twice");
            }
            seen.add(name);
            Matcher eventsFound = EVENTS.matcher(part);
            if (part.startsWith(AGE)) {
                age = SettingText.time(part.substring(AGE.length()));
            } else if (eventsFound.matches()) {
                events = Long.parseLong(eventsFound.group(1));
            } else if (part.equals("keyless")) {
                dropsKeyless = true;
            } else {
                throw new IllegalArgumentException("\"" + part + "\" is none of age=30d, events=1000, keyless");
            }
        }
        return new RetentionRule(text.substring(0, colon), age, events, dropsKeyless);
    }
}
