package dev.toygres.durable;

/** What the operation was about is gone, or another one bears its name by now. */
public final class SubjectReplaced extends PermanentFailure {
    SubjectReplaced(String operationId, String subject) {
        super(
                "what operation %s was about (of %s) is gone, or it is a part of another operation: make the request anew"
                        .formatted(operationId, subject));
    }
}
