package celeriant.log.contract;

import celeriant.log.Admission;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;

/** What an engine under test is opened with. */
public record EngineSetup(Admission admission, InstantSource clock, Supplier<UUID> ids) {}
