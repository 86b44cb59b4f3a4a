package dev.dsg.standalone.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.catalog.ModelFormat;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.job.WireNamed;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.platform.store.Content;
import dev.dsg.platform.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A network on disk: {@code model.json}, a {@link ModelCard} that may leave out {@code weights}, and beside it the file
 * that its {@code format} names, such as {@code model.safetensors}.
 *
 * @param path the folder
 */
public record ModelFolder(Path path) {

    private static final String CARD = "model.json";

    /** The networks in the folders of a folder, in the order of their names; none if it is not there. */
    public static List<ModelFolder> in(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var folders = Files.list(folder)) {
            return folders.filter(one -> Files.exists(one.resolve(CARD)))
                    .sorted()
                    .map(ModelFolder::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    /**
     * The card with the file that it describes.
     *
     * @throws DsgException {@code INVALID_FIELD} at the first field that is wrong, {@code CORRUPT_MODEL} when the file is
     *     not there or not the one that the card names
     */
    public ShelvedModel read() {
        var json = json();
        var format = json.has("format")
                ? WireNamed.parse(
                        ModelFormat.class, "format", json.path("format").asText())
                : ModelFormat.SAFETENSORS;
        var file = path.resolve(format.fileName());
        if (!Files.isRegularFile(file)) {
            throw new DsgException(ErrorCode.CORRUPT_MODEL, file + " is missing; the card's format names it");
        }
        var content = Content.of(file, Content.BINARY);
        var name = Require.name("name", json.path("name").textValue());
        var ref = new ObjectRef(StoreLayout.modelFile(name, format.fileName()), content.sha256(), content.size());
        if (!json.has("weights")) {
            json.putPOJO("weights", ref);
        }
        var card = Json.parse(Json.bytes(json), ModelCard.class);
        if (!card.weights().equals(ref)) {
            throw new DsgException(
                    ErrorCode.CORRUPT_MODEL,
                    "weights",
                    content.size() + " bytes, sha256 " + content.sha256(),
                    card.weights().size() + " bytes, sha256 " + card.weights().sha256());
        }
        return new ShelvedModel(card, content);
    }

    private ObjectNode json() {
        try {
            return Json.parse(Files.readAllBytes(path.resolve(CARD)), ObjectNode.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path.resolve(CARD), e);
        }
    }
}
