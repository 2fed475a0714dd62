package celeriant.gateway;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An answer, read. */
public record Reply(HttpResponse<byte[]> response) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    public int status() {
        return response.statusCode();
    }

    public String header(String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    public String text() {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    public JsonNode json() {
        return JSON.readTree(response.body());
    }

    /** The code of a problem. */
    public String code() {
        JsonNode code = json().get("code");
        return code == null ? "" : code.asString();
    }

    @Override
    public String toString() {
        return status() + " " + text();
    }
}
