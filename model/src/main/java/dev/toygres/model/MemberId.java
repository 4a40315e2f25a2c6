package dev.toygres.model;

/** One Postgres server behind an instance, named by what it is and never by its role (D2). */
public record MemberId(String value) {
    public MemberId {
        Name.checked("member id", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
