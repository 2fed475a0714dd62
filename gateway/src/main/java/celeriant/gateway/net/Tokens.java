package celeriant.gateway.net;

/** The characters of names and methods (RFC 9110 section 5.6.2). Stateless: any thread. */
final class Tokens {
    private static final boolean[] IS_TOKEN = new boolean[128];

    static {
        for (int c = '0'; c <= 'z'; c++) {
            IS_TOKEN[c] = c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a';
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            IS_TOKEN[c] = true;
        }
    }

    private Tokens() {}

    static boolean isToken(byte b) {
        return b >= 0 && IS_TOKEN[b];
    }
}
