package dev.dsg.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A place in a schema file, from which references can be followed.
 *
 * @param file the file
 * @param node the place
 */
record SchemaNode(String file, JsonNode node) {
    static SchemaNode of(String file) {
        return new SchemaNode(file, Wire.schema(file));
    }

    /** Where the reference at this place leads, through as many as there are. */
    SchemaNode target() {
        if (!node.has("$ref")) {
            return this;
        }
        String[] ref = node.get("$ref").asText().split("#", 2);
        String next = ref[0].isEmpty() ? file : ref[0];
        JsonNode root = Wire.schema(next);
        return new SchemaNode(next, ref.length == 1 ? root : root.at(ref[1])).target();
    }

    SchemaNode property(String name) {
        return new SchemaNode(target().file, keyword("properties").path(name));
    }

    SchemaNode items() {
        return new SchemaNode(target().file, target().node.path("items"));
    }

    SchemaNode values() {
        return new SchemaNode(target().file, target().node.path("additionalProperties"));
    }

    List<SchemaNode> choices() {
        List<SchemaNode> choices = new ArrayList<>();
        target().node.path("oneOf").forEach(choice -> choices.add(new SchemaNode(target().file, choice)));
        return choices;
    }

    JsonNode keyword(String name) {
        return target().node.path(name);
    }

    List<String> propertyNames() {
        List<String> names = new ArrayList<>();
        keyword("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** What is required here, and by what is referred to. */
    TreeSet<String> required() {
        TreeSet<String> names = new TreeSet<>();
        node.path("required").forEach(name -> names.add(name.asText()));
        keyword("required").forEach(name -> names.add(name.asText()));
        return names;
    }
}
