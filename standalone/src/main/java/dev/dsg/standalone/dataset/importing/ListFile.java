package dev.dsg.standalone.dataset.importing;

import dev.dsg.standalone.catalog.LabelledImages;
import dev.dsg.standalone.dataset.importing.FileParts.Labelled;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A file with a line {@code path,label} for each image: paths are relative to the file's folder or absolute, either field may
 * stand in double quotes (doubled where they are meant), and a first line such as {@code path,label} is a heading.
 *
 * @param origin where it lies
 */
record ListFile(Origin origin) {

    private static final Set<String> HEADINGS = Set.of("path", "file", "filename", "image", "name");

    private record Row(int line, Path path, String label) {}

    LabelledImages read() {
        var file = origin.path();
        var rows = rows();
        if (rows.isEmpty()) {
            throw Refusal.of(file, "empty", "a line path,label for each image");
        }
        var names = Labels.classes(rows.stream().map(Row::label).toList(), origin.classes(), file);
        var files = new ArrayList<Labelled>();
        for (var row : rows) {
            var place = file + ", line " + row.line;
            if (!Files.isRegularFile(row.path)) {
                throw Refusal.of(place, row.path + ", which is missing", "an image file");
            }
            files.add(new Labelled(row.path, names.number(row.label, place)));
        }
        return new LabelledImages(names.names(), "the list " + file.getFileName(), FileParts.cut(files));
    }

    private List<Row> rows() {
        var folder = origin.path().toAbsolutePath().getParent();
        var rows = new ArrayList<Row>();
        var line = 0;
        for (var text : Refusal.lines(origin.path())) {
            line++;
            if (text.isBlank()) {
                continue;
            }
            var fields = fields(text, line);
            if (!rows.isEmpty() || !HEADINGS.contains(fields.getFirst().toLowerCase(Locale.ROOT))) {
                rows.add(new Row(line, folder.resolve(fields.getFirst()), fields.getLast()));
            }
        }
        return rows;
    }

    private List<String> fields(String text, int line) {
        var fields = new ArrayList<String>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '"') {
                var doubled = quoted && i + 1 < text.length() && text.charAt(i + 1) == '"';
                if (doubled) {
                    field.append(c);
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (c == ',' && !quoted) {
                fields.add(field.toString().strip());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString().strip());
        if (quoted || fields.size() != 2 || fields.stream().anyMatch(String::isEmpty)) {
            throw Refusal.of(origin.path() + ", line " + line, text, "path,label");
        }
        return fields;
    }
}
