package celeriant.gateway.net;

/**
 * What a request line asks for (RFC 9112 section 3.2): a path, or a whole URL as it is sent to proxies, whose authority
 * then counts instead of the Host header.
 */
record Target(String path, String query, String authority) {
    static Target read(String target, String host) throws MalformedException {
        if (target.charAt(0) == '/') {
            return of(target, host);
        }
        if (target.equals("*")) {
            return new Target("*", null, host);
        }
        int scheme = target.indexOf("://");
        String name = scheme < 0 ? "" : target.substring(0, scheme);
        if (!name.equalsIgnoreCase("http") && !name.equalsIgnoreCase("https")) {
            throw MalformedException.of("The address is a path.");
        }
        int from = scheme + "://".length();
        int slash = target.indexOf('/', from);
        return slash < 0 ? of("/", target.substring(from)) : of(target.substring(slash), target.substring(from, slash));
    }

    private static Target of(String target, String authority) {
        int question = target.indexOf('?');
        return question < 0
                ? new Target(target, null, authority)
                : new Target(target.substring(0, question), target.substring(question + 1), authority);
    }
}
