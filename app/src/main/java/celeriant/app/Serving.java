package celeriant.app;

/** A command that runs a gateway. */
interface Serving {
    void takeOptions(ServeOptions options);
}
