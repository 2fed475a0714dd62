package celeriant.log.embedded.system;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Functions of the C library that Java has no name for. Who calls them answers for the memory that they touch. */
public final class SystemCalls {
    private SystemCalls() {}

    /** The function of that name; empty where the system has none. */
    @SuppressWarnings("restricted")
    public static Optional<MethodHandle> find(String name, FunctionDescriptor shape, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup().find(name).map(address -> linker.downcallHandle(address, shape, options));
    }

    /** The same where it means, or takes by these numbers, what it does on Linux alone; empty elsewhere. */
    public static Optional<MethodHandle> onLinux(String name, FunctionDescriptor shape) {
        return System.getProperty("os.name").equals("Linux") ? find(name, shape) : Optional.empty();
    }
}
