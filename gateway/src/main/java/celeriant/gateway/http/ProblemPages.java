package celeriant.gateway.http;

import celeriant.model.ErrorCode;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** The pages that a problem's {@code type} leads to: what the code means and what to do about it. */
public final class ProblemPages {
    private static final String HTML = "text/html; charset=utf-8";
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'";

    private static final Map<String, FixedAnswer> PAGES = Arrays.stream(ErrorCode.values())
            .collect(Collectors.toUnmodifiableMap(ErrorCode::code, code -> new FixedAnswer(page(code))));
    private static final FixedAnswer LIST = new FixedAnswer(table());

    private ProblemPages() {}

    /** The page of one code. */
    public static FixedAnswer page(String code) {
        FixedAnswer page = PAGES.get(code);
        if (page == null) {
            throw RequestPath.notFound();
        }
        return page;
    }

    /** The list of all codes. */
    public static FixedAnswer list() {
        return LIST;
    }

    private static Answer page(ErrorCode found) {
        String retry = found.retryable()
                ? "The same request, unchanged, may succeed later."
                : "The same request, unchanged, is answered the same way.";
        return html(
                found.title(),
                "<p>Code <code>" + found.code() + "</code>, status " + found.status() + ".</p><p>"
                        + escaped(found.meaning()) + "</p><p>" + retry
                        + "</p><p><a href=\"/problems\">All problems</a></p>");
    }

    private static Answer table() {
        StringBuilder rows = new StringBuilder("<table><tr><th>Status</th><th>Code</th><th>Meaning</th></tr>");
        for (ErrorCode code : ErrorCode.values()) {
            rows.append("<tr><td>")
                    .append(code.status())
                    .append("</td><td><a href=\"/problems/")
                    .append(code.code())
                    .append("\"><code>")
                    .append(code.code())
                    .append("</code></a></td><td>")
                    .append(escaped(code.meaning()))
                    .append("</td></tr>");
        }
        return html("Problems", rows.append("</table>").toString());
    }

    /** A plain page. */
    static Answer html(String title, String body) {
        String page = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escaped(title)
                + "</title><meta name=\"viewport\" content=\"width=device-width\"><style>body{font:1rem/1.5 system-ui;"
                + "max-width:50rem;margin:2rem auto;padding:0 1rem}td,th{text-align:left;vertical-align:top;"
                + "padding:.3rem .8rem .3rem 0}</style></head><body><h1>" + escaped(title) + "</h1>" + body
                + "</body></html>";
        return Answer.text(200, HTML, page).with("Content-Security-Policy", POLICY);
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
