package dev.dsg.contracts.error;

/** What becomes of a message whose handling failed. */
public enum Disposition {
    /** Back to the queue, after a pause; another worker may have it. */
    RELEASE,
    /** To the dead-letter topic, with the reason; nobody runs it again. */
    DEAD_LETTER,
    /** Done with: there is nothing left to do and nobody to tell. */
    DROP
}
