package celeriant.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Test {
    @ParameterizedTest
    @CsvSource({
        "2026-01-31T08:15:00Z, 2026-01-31T08:15:00Z",
        "2026-01-31t08:15:00.5z, 2026-01-31T08:15:00.5Z",
        "2026-01-31T08:15:00.1234567899Z, 2026-01-31T08:15:00.123456789Z",
        "2026-01-31T08:15:00+01:30, 2026-01-31T06:45:00Z",
        "2026-01-31T08:15:00.25-23:59, 2026-02-01T08:14:00.25Z",
        "2026-01-31T08:15:00-00:00, 2026-01-31T08:15:00Z",
        "2016-12-31T23:59:60Z, 2017-01-01T00:00:00Z",
        "1969-12-31T23:59:59.9Z, 1969-12-31T23:59:59.9Z",
        "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z",
        "0000-01-01T00:00:00+01:00, -0001-12-31T23:00:00Z",
        "9999-12-31T23:59:59-01:00, +10000-01-01T00:59:59Z"
    })
    void aTimeIsAMoment(String text, String moment) {
        assertEquals(Optional.of(Instant.parse(moment)), Rfc3339.instant(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-01-31",
                "2026-01-31T08:15Z",
                "2026-01-31T08:15:00",
                "2026-01-31 08:15:00Z",
                "2026-01-31T08:15:00.Z",
                "2026-01-31T08:15:00+01",
                "2026-01-31T08:15:00+24:00",
                "2026-01-31T08:15:61Z",
                "2026-01-31T24:00:00Z",
                "2026-02-29T08:15:00Z",
                "2100-02-29T08:15:00Z",
                "+12026-01-31T08:15:00Z",
                "2026-01-31T08:15:00Z[UTC]"
            })
    void whatIsNoneIsNone(String text) {
        assertEquals(Optional.empty(), Rfc3339.instant(text));
    }
}
