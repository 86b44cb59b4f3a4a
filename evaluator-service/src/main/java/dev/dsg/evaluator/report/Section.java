package dev.dsg.evaluator.report;

import java.util.List;

/**
 * A part of a report.
 *
 * @param topic what it is about
 * @param sentences what is to say, each a paragraph
 * @param rows a table, the first row its head; none if empty
 */
record Section(Topic topic, List<String> sentences, List<List<String>> rows) {

    /** What a report is about, in this order. */
    enum Topic {
        GATE("Gate"),
        ACCURACY("Accuracy"),
        CLASSES("Classes"),
        CALIBRATION("Calibration"),
        SPEED("Speed"),
        EARLIER("Earlier results"),
        ORIGIN("Where it comes from");

        private final String title;

        Topic(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    Section {
        sentences = List.copyOf(sentences);
        rows = List.copyOf(rows);
    }
}
