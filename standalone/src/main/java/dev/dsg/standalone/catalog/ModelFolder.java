package dev.dsg.standalone.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.error.Require;
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
 * A network on disk: {@code model.json}, a {@link ModelCard} that may leave out {@code weights}, and
 * {@code model.safetensors}.
 *
 * @param path the folder
 */
public record ModelFolder(Path path) {

    private static final String CARD = "model.json";
    private static final String WEIGHTS = "model.safetensors";

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

    /** The weights. */
    public Content weights() {
        return Content.of(path.resolve(WEIGHTS), Content.BINARY);
    }

    /**
     * The card, which says of the weights what they are.
     *
     * @throws DsgException {@code INVALID_FIELD} at the first field that is wrong, {@code CORRUPT_MODEL} when the weights
     *     are not those that the card names
     */
    public ModelCard card() {
        var content = weights();
        var json = read();
        var ref = new ObjectRef(
                StoreLayout.modelWeights(Require.name("name", json.path("name").textValue())),
                content.sha256(),
                content.size());
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
        return card;
    }

    private ObjectNode read() {
        try {
            return Json.parse(Files.readAllBytes(path.resolve(CARD)), ObjectNode.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path.resolve(CARD), e);
        }
    }
}
