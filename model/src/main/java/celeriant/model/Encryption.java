package celeriant.model;

/**
 * How an end-to-end encrypted payload was sealed. Names only: the log and the gateway never see a key.
 *
 * @param alg the algorithm's name, such as {@code A256GCM}
 * @param kid the application's name of the key
 * @param iv the initialisation vector, base64url
 */
public record Encryption(String alg, String kid, String iv) {}
