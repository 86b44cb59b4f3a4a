package dev.dsg.platform.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The table of rights in the documentation, as rules of Kafka. */
final class Rights {

    private static final Path PAGE = Path.of("../docs/security.md");
    private static final Pattern ROW =
            Pattern.compile("\\| `(\\w+)` \\| ([A-Za-z, ]+) \\| (topic|group) \\| (.+?) \\|.*");

    private Rights() {}

    /** All rules. */
    static List<AclBinding> read() throws IOException {
        var rules = new ArrayList<AclBinding>();
        for (var line : Files.readAllLines(PAGE)) {
            var row = ROW.matcher(line);
            if (row.matches()) {
                for (var operation : words(row.group(2))) {
                    for (var name : words(row.group(4))) {
                        rules.add(rule(row.group(1), operation, row.group(3), name));
                    }
                }
            }
        }
        return rules;
    }

    /** The user of a rule. */
    static String user(AclBinding rule) {
        return rule.entry().principal().substring("User:".length());
    }

    private static AclBinding rule(String user, String operation, String type, String name) {
        var open = name.endsWith("*");
        var pattern = new ResourcePattern(
                ResourceType.fromString(type.toUpperCase(Locale.ROOT)),
                open ? name.substring(0, name.length() - 1) : name,
                open ? PatternType.PREFIXED : PatternType.LITERAL);
        var what = AclOperation.fromString(operation.replaceAll("(?<=[a-z])(?=[A-Z])", "_"));
        if (what.isUnknown()) {
            throw new IllegalArgumentException("no operation of Kafka: " + operation);
        }
        return new AclBinding(pattern, new AccessControlEntry("User:" + user, "*", what, AclPermissionType.ALLOW));
    }

    private static List<String> words(String cell) {
        return Arrays.stream(cell.replace("`", "").split(","))
                .map(String::strip)
                .toList();
    }
}
