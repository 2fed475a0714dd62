package celeriant.client.access;

/**
 * A share or an invitation that was made just now.
 *
 * @param id names it, to withdraw it
 * @param secret told this once; put it into the fragment of a link, which no server sees
 */
public record Secret(String id, String secret) {
    @Override
    public String toString() {
        return "Secret[" + id + "]";
    }
}
