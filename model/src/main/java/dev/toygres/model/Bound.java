package dev.toygres.model;

/**
 * A limit with a way back that is longer than the way there, so that what hovers around it does not
 * raise an alert again and again.
 */
public final class Bound {
    private Bound() {}

    /**
     * Whether it is too much.
     *
     * @param value just now
     * @param limit more than this is too much
     * @param already whether it was too much at the last look: then it is until the value is below
     *     four fifths of the limit
     */
    public static boolean isExceeded(long value, long limit, boolean already) {
        return already ? value > limit - limit / 5 : value > limit;
    }

    /** The same for what becomes too little: well again above five fourths of the limit. */
    public static boolean isUndercut(long value, long limit, boolean already) {
        return already ? value < limit + limit / 4 : value < limit;
    }
}
