package celeriant.log.contract;

import celeriant.log.Admission;
import celeriant.log.AppendRequest;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import java.nio.charset.StandardCharsets;

/**
 * The admission of random histories: nobody writes to {@link #GUARDED} while a register of another aggregate holds an
 * odd number. So verdicts hang on what was decided just before, in the same group, too.
 */
final class RandomRule implements Admission {
    static final AggregateId GUARD = AggregateId.parse("canvas/a");
    static final AggregateId GUARDED = AggregateId.parse("plot/a");
    static final String KEY = "k0";

    @Override
    public Verdict admit(AppendRequest request, Append append, View view) {
        String value = view.register(GUARD, KEY)
                .map(register -> new String(register.data().bytes(), StandardCharsets.UTF_8) + "@")
                .orElse(null);
        return denies(append, value)
                ? new Denied(Problem.of(ErrorCode.ACCESS_DENIED, GUARDED + " is closed while " + KEY + " is odd"))
                : Verdict.ADMITTED;
    }

    /** @param value the register's number with something behind an {@code @}; null if it is not set */
    static boolean denies(Append append, String value) {
        boolean isOdd = value != null && Long.parseLong(value.substring(0, value.indexOf('@'))) % 2 == 1;
        return isOdd
                && append.events().stream().anyMatch(event -> event.aggregate().equals(GUARDED));
    }
}
