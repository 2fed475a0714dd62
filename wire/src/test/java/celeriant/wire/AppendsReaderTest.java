package celeriant.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.model.After;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.Encryption;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.ExpectedVersion;
import celeriant.model.Limits;
import celeriant.model.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The general form of append")
class AppendsReaderTest {
    private static final UUID ONE = UUID.fromString("0198c0de-7c1e-7000-8000-000000000001");
    private static final UUID TWO = UUID.fromString("0198c0de-7c1e-7000-8000-000000000002");

    @Test
    @DisplayName("is read with sequences, keys and data kept as the text that was sent")
    void sequenced() throws Exception {
        AppendsBody body = read("""
            {"after": {"sequence": 41, "id": "0198C0DE-7C1E-7000-8000-000000000001"}, "later": [{}],
             "appends": [{"sequence": 42, "id": "0198c0de-7c1e-7000-8000-000000000002", "events": [
              {"aggregate": "canvas/board-1", "type": "cell-painted", "typeVersion": "1.0", "key": "3,4",
               "data": {"b" : 1.50, "a": [ 1e400, "x \\"y z" ], "b": -0 }, "time": "2026-01-31T08:15:00Z"},
              {"aggregate": "canvas/board-1", "type": "cleared", "key": null, "data": null}]}]}\
            """);
        assertEquals(new After(41, ONE), body.after());
        Append append = body.appends().get(0);
        assertEquals(TWO, append.id());
        assertEquals(42, append.sequence());
        AggregateId board = new AggregateId("canvas", "board-1");
        Event painted = new Event(
                null,
                board,
                "cell-painted",
                "1.0",
                "3,4",
                json("{\"b\":1.50,\"a\":[1e400,\"x \\\"y z\"],\"b\":-0}"),
                "2026-01-31T08:15:00Z",
                null);
        assertEquals(List.of(painted, Event.of(board, "cleared", json("null"))), append.events());
    }

    @Test
    @DisplayName("is read with expected versions, binary data and encryption")
    void conditional() throws Exception {
        AppendsBody body = read("""
            {"appends":[{"id":"0198c0de-7c1e-7000-8000-000000000001","expected":{"a/1":17,"b/2":0},"events":[
             {"id":"0198c0de-7c1e-7000-8000-000000000002","aggregate":"a/1","type":"t","data_base64":"AP8=",
              "datacontenttype":"application/octet-stream","encryption":{"alg":"A256GCM","kid":"k1","iv":"AAAA"}}
            ]}]}\
            """);
        assertNull(body.after());
        Append append = body.appends().get(0);
        assertEquals(0, append.sequence());
        assertEquals(
                Map.of(
                        new AggregateId("a", "1"), new ExpectedVersion.Exactly(17),
                        new AggregateId("b", "2"), new ExpectedVersion.None()),
                append.expected());
        Event event = append.events().get(0);
        assertEquals(TWO, event.id());
        byte[] binary = {0, (byte) 0xFF};
        assertEquals(new EventData(EventData.Form.BINARY, binary, "application/octet-stream"), event.data());
        assertEquals(new Encryption("A256GCM", "k1", "AAAA"), event.encryption());
    }

    @Test
    @DisplayName("may ask for the head alone")
    void headAlone() throws Exception {
        AppendsBody body = read("{\"after\": null, \"appends\": []}");
        assertNull(body.after());
        assertEquals(List.of(), body.appends());
    }

    @Test
    @DisplayName("gives a sequence up with void")
    void voided() throws Exception {
        Append append = read("{\"after\":null,\"appends\":[" + append("\"sequence\":1,\"void\":true") + "]}")
                .appends()
                .get(0);
        assertEquals(ErrorCode.VOID, append.fault().code());
        assertEquals(1, append.sequence());
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        ``                                                                     |
        {                                                                      |
        []                                                                     |
        {"appends":[]} x                                                       |
        {"appends":[],}                                                        |
        {"appends":[{"x":01}]}                                                 |
        {}                                                                     | /appends
        {"appends":null}                                                       | /appends
        {"appends":{}}                                                         | /appends
        {"appends":[],"appends":[]}                                            | /appends
        {"appends":[1]}                                                        | /appends/0
        {"appends":[null]}                                                     | /appends/0
        {"after":1,"appends":[]}                                               | /after
        {"after":null,"after":null,"appends":[]}                               | /after
        {"after":{},"appends":[]}                                              | /after/sequence
        {"after":{"sequence":0,"id":"U1"},"appends":[]}                        | /after/sequence
        {"after":{"sequence":1.5,"id":"U1"},"appends":[]}                      | /after/sequence
        {"after":{"sequence":9007199254740992,"id":"U1"},"appends":[]}         | /after/sequence
        {"after":{"sequence":1,"sequence":1,"id":"U1"},"appends":[]}           | /after/sequence
        {"after":{"sequence":1},"appends":[]}                                  | /after/id
        {"after":{"sequence":1,"id":"1-1-1-1-1"},"appends":[]}                 | /after/id
        {"after":{"sequence":1,"id":null},"appends":[]}                        | /after/id
        {"appends":[{"sequence":1,"events":[E]}]}                              | /appends/0/id
        {"appends":[{"id":"U1","sequence":1,"events":[E]}]}                    | /after
        {"after":null,"appends":[{"id":"U1","sequence":2,"events":[E]}]}       | /after
        {"after":{"sequence":1,"id":"U2"},"appends":[{"id":"U1","sequence":1,"events":[E]}]} | /after
        {"after":{"sequence":1,"id":"U2"},"appends":[{"id":"U1","sequence":3,"events":[E]}]} | /after/sequence
        {"appends":[{"id":"x","events":[E]}]}                                  | /appends/0/id
        {"appends":[{"id":7,"events":[E]}]}                                    | /appends/0/id
        {"appends":[{"id":"U1","id":"U1","events":[E]}]}                       | /appends/0/id
        {"appends":[{"id":"U1","events":[E]},{"id":"u1","events":[E]}]}        | /appends/1/id
        {"appends":[{"id":"U1","sequence":"1","events":[E]}]}                  | /appends/0/sequence
        {"appends":[{"id":"U1","sequence":-1,"events":[E]}]}                   | /appends/0/sequence
        {"after":null,"appends":[{"id":"U1","sequence":1,"events":[E]},{"id":"U2","events":[E]}]} | /appends/1/sequence
        {"after":null,"appends":[{"id":"U1","sequence":1,"events":[E]},{"id":"U2","sequence":3,"events":[E]}]} | /appends/1/sequence
        {"appends":[{"id":"U1","expected":{},"events":[E]}]}                   | /appends/0/expected
        {"appends":[{"id":"U1","expected":[],"events":[E]}]}                   | /appends/0/expected
        {"after":null,"appends":[{"id":"U1","sequence":1,"expected":{"a/1":1},"events":[E]}]} | /appends/0/expected
        {"appends":[{"id":"U1","expected":{"a/1":-1},"events":[E]}]}           | /appends/0/expected/a~11
        {"appends":[{"id":"U1","expected":{"a/1":null},"events":[E]}]}         | /appends/0/expected/a~11
        {"appends":[{"id":"U1","expected":{"a/1":1,"a/1":1},"events":[E]}]}    | /appends/0/expected/a~11
        {"appends":[{"id":"U1","expected":{"a b":1},"events":[E]}]}            | /appends/0/expected/a b
        {"after":null,"appends":[{"id":"U1","sequence":1,"void":true,"events":[E]}]} | /appends/0/void
        {"after":null,"appends":[{"id":"U1","sequence":1,"void":1}]}           | /appends/0/void
        {"appends":[{"id":"U1","void":true}]}                                  | /appends/0/void
        {"appends":[{"id":"U1","events":[E],"events":[E]}]}                    | /appends/0/events
        """)
    @DisplayName("is refused as a whole, with a pointer")
    void refusedAsAWhole(String body, String pointer) {
        String expanded = body.replace("U1", ONE.toString())
                .replace("u1", ONE.toString().toUpperCase(Locale.ROOT))
                .replace("U2", TWO.toString())
                .replace("[E]", "[{\"aggregate\":\"a/1\",\"type\":\"t\",\"data\":1}]");
        Problem problem =
                assertThrows(BadBodyException.class, () -> read(expanded)).problem();
        assertEquals(ErrorCode.BAD_REQUEST, problem.code());
        assertEquals(pointer == null ? "" : pointer, problem.fields().get("pointer"), problem.detail());
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "void":false                                                 | bad-request | /events
        "events":null                                                | bad-request | /events
        "events":[]                                                  | bad-request | /events
        "events":{}                                                  | bad-request | /events
        "events":[1]                                                 | bad-request | /events/0
        "events":[{A,T,D},[]]                                        | bad-request | /events/1
        "events":[{T,D}]                                             | bad-request | /events/0/aggregate
        "events":[{"aggregate":"a",T,D}]                             | bad-request | /events/0/aggregate
        "events":[{"aggregate":"a/b/c",T,D}]                         | bad-request | /events/0/aggregate
        "events":[{"aggregate":"$access.a/1",T,D}]                   | bad-request | /events/0/aggregate
        "events":[{"aggregate":"members/1",T,D}]                     | bad-request | /events/0/aggregate
        "events":[{"aggregate":"ä/1",T,D}]                           | bad-request | /events/0/aggregate
        "events":[{"aggregate":"a/.",T,D}]                           | bad-request | /events/0/aggregate
        "events":[{"aggregate":7,T,D}]                               | bad-request | /events/0/aggregate
        "events":[{A,A,T,D}]                                         | bad-request | /events/0/aggregate
        "events":[{A,D}]                                             | bad-request | /events/0/type
        "events":[{A,"type":"$deleted",D}]                           | bad-request | /events/0/type
        "events":[{A,"type":"a b",D}]                                | bad-request | /events/0/type
        "events":[{A,"type":null,D}]                                 | bad-request | /events/0/type
        "events":[{A,T,"typeVersion":"",D}]                          | bad-request | /events/0/typeVersion
        "events":[{A,T,"typeVersion":1,D}]                           | bad-request | /events/0/typeVersion
        "events":[{A,T,"key":"",D}]                                  | bad-request | /events/0/key
        "events":[{A,T,"key":"\\u0000",D}]                           | bad-request | /events/0/key
        "events":[{A,T,"key":"\\u0085",D}]                           | bad-request | /events/0/key
        "events":[{A,T,"key":"\\ud800",D}]                           | bad-request | /events/0/key
        "events":[{A,T}]                                             | bad-request | /events/0/data
        "events":[{A,T,D,"data_base64":"AA=="}]                      | bad-request | /events/0/data_base64
        "events":[{A,T,"data_base64":"AA==",D}]                      | bad-request | /events/0/data
        "events":[{A,T,D,D}]                                         | bad-request | /events/0/data
        "events":[{A,T,"data_base64":"AA"}]                          | bad-request | /events/0/data_base64
        "events":[{A,T,"data_base64":"A==="}]                        | bad-request | /events/0/data_base64
        "events":[{A,T,"data_base64":"===="}]                        | bad-request | /events/0/data_base64
        "events":[{A,T,"data_base64":"AB=="}]                        | bad-request | /events/0/data_base64
        "events":[{A,T,"data_base64":"_-8="}]                        | bad-request | /events/0/data_base64
        "events":[{A,T,"data_base64":"AAAA\\nAAA"}]                  | bad-request | /events/0/data_base64
        "events":[{A,T,"data_base64":1}]                             | bad-request | /events/0/data_base64
        "events":[{A,T,D,"id":"1-1-1-1-1"}]                          | bad-request | /events/0/id
        "events":[{A,T,D,"time":"yesterday"}]                        | bad-request | /events/0/time
        "events":[{A,T,D,"time":"2025-02-29T00:00:00Z"}]             | bad-request | /events/0/time
        "events":[{A,T,D,"time":"2025-02-28T00:00:00"}]              | bad-request | /events/0/time
        "events":[{A,T,D,"time":17}]                                 | bad-request | /events/0/time
        "events":[{A,T,D,"datacontenttype":""}]                      | bad-request | /events/0/datacontenttype
        "events":[{A,T,D,"datacontenttype":"a\\r\\nb"}]              | bad-request | /events/0/datacontenttype
        "events":[{A,T,D,"encryption":"A256GCM"}]                    | bad-request | /events/0/encryption
        "events":[{A,T,D,"encryption":{"alg":"a","kid":"k"}}]        | bad-request | /events/0/encryption
        "events":[{A,T,D,"encryption":{"alg":1,"kid":"k"}}]          | bad-request | /events/0/encryption/alg
        """)
    @DisplayName("rejects one append for a fault in its own events, with a pointer into that append")
    void faultyAppend(String fields, String code, String pointer) throws Exception {
        String expanded = fields.replace("A,", "\"aggregate\":\"a/1\",")
                .replace("T,", "\"type\":\"t\",")
                .replace("T}", "\"type\":\"t\"}")
                .replace("D}", "\"data\":1}")
                .replace("D,", "\"data\":1,");
        AppendsBody body = read("{\"after\":null,\"appends\":[" + append("\"sequence\":1," + expanded) + ",{\"id\":\""
                + TWO + "\",\"sequence\":2,\"events\":[" + event("\"data\":1") + "]}]}");
        Problem fault = body.appends().get(0).fault();
        assertEquals(code, fault.code().code());
        assertEquals(pointer, fault.fields().get("pointer"), fault.detail());
        assertNull(body.appends().get(1).fault());
        assertEquals(1, body.appends().get(1).events().size());
    }

    @Test
    @DisplayName("keeps its condition when its events are at fault, so that it is known as a conditional one")
    void faultyConditionalAppend() throws Exception {
        String fields = "\"expected\":{\"a/1\":17},\"events\":[{\"type\":7}]";
        Append append = read("{\"appends\":[" + append(fields) + "]}").appends().get(0);
        assertNotNull(append.fault());
        assertEquals(Map.of(AggregateId.parse("a/1"), ExpectedVersion.of(17)), append.expected());
    }

    @Test
    @DisplayName("is refused as a whole when malformed JSON follows a faulty event")
    void malformedBehindAFault() {
        Problem problem = assertThrows(
                        BadBodyException.class,
                        () -> read("{\"appends\":[" + append("\"events\":[{\"type\":7,\"data\":tru}]") + "]}"))
                .problem();
        assertEquals("", problem.fields().get("pointer"));
        assertTrue((long) problem.fields().get("offset") > 0);
    }

    private static AppendsBody read(String body) throws BadBodyException {
        return AppendsReader.read(body.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    private static String append(String fields) {
        return "{\"id\":\"" + ONE + "\"," + fields + "}";
    }

    private static String event(String fields) {
        return "{\"aggregate\":\"a/1\",\"type\":\"t\"," + fields + "}";
    }

    private static EventData json(String text) {
        return EventData.json(text.getBytes(StandardCharsets.UTF_8));
    }
}
