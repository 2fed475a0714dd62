package celeriant.gateway.http;

import celeriant.gateway.access.RefusedException;
import celeriant.model.AggregateId;
import celeriant.model.ErrorCode;
import celeriant.model.Names;

/** Which aggregate a request changes. Stateless: any thread. */
public final class Targets {
    private Targets() {}

    /** The aggregate in the path, if it is one of applications' own. */
    public static AggregateId applications(Exchange exchange) {
        AggregateId aggregate = exchange.aggregate();
        if (aggregate.isSystem()) {
            throw RefusedException.of(
                    ErrorCode.ACCESS_DENIED, "The system's own aggregates are written by their endpoints only.");
        }
        if (!Names.isAggregateType(aggregate.type())) {
            throw RefusedException.of(ErrorCode.NOT_FOUND, "There are no aggregates of this type.");
        }
        return aggregate;
    }
}
