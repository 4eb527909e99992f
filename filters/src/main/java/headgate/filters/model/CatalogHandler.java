package headgate.filters.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import headgate.conf.DeploymentConfig.OperationName;
import headgate.conf.ModelConfig;
import headgate.conf.PermissionConfig.Right;
import headgate.conf.SkuConfig;
import headgate.filters.Deployment;
import headgate.filters.Deployments;
import headgate.filters.Exchange;
import headgate.filters.api.OperationMatch;
import headgate.filters.api.ProxyError;
import headgate.filters.identity.Permissions;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Answers what can be asked about the deployments themselves, from the configuration.
 *
 * <p>Tells a principal of what it may read. Stands behind the identity; what it answers goes no further.
 */
public final class CatalogHandler extends ChannelInboundHandlerAdapter {
    private static final JsonFactory JSON = new JsonFactory();

    private final Supplier<Deployments> deployments;
    private final Supplier<Permissions> permissions;

    /** A handler that tells of these deployments; the suppliers are asked for each exchange. */
    public CatalogHandler(Supplier<Deployments> deployments, Supplier<Permissions> permissions) {
        this.deployments = deployments;
        this.permissions = permissions;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Exchange exchange
                && exchange.requireOperation().operation().asked() == null) {
            try {
                exchange.answer(200, List.of(), describe(exchange));
            } catch (ProxyError error) {
                exchange.fail(error);
            }
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private interface Writer {
        void write(JsonGenerator json) throws IOException;
    }

    private byte[] describe(Exchange exchange) throws ProxyError {
        OperationMatch asked = exchange.requireOperation();
        return switch (asked.operation()) {
            case LIST_MODELS -> list(exchange, CatalogHandler::writeModel);
            case LIST_DEPLOYMENTS -> list(exchange, CatalogHandler::writeDeployment);
            case GET_MODEL -> {
                Deployment deployment = require(exchange);
                yield json(json -> writeModel(json, deployment));
            }
            case MODEL_INFO -> {
                Deployment deployment = require(exchange);
                yield json(json -> writeInfo(json, deployment));
            }
            default -> throw new IllegalStateException(asked.operation().word());
        };
    }

    private Deployment require(Exchange exchange) throws ProxyError {
        OperationMatch asked = exchange.requireOperation();
        String given = asked.name();
        String name = given == null || given.isEmpty() ? null : given;
        Deployment found =
                name == null ? deployments.get().only() : deployments.get().find(name);
        if (found != null) {
            permissions.get().require(exchange.principal(), Right.READ, found);
            return found;
        }
        throw name == null
                ? ProxyError.of(
                        ProxyError.Kind.NO_MODEL_NAME,
                        "No model specified in request. Please provide a model name as the query parameter model.")
                : DeploymentHandler.unknown(asked.surface(), name);
    }

    private interface Entry {
        void write(JsonGenerator json, Deployment deployment) throws IOException;
    }

    private byte[] list(Exchange exchange, Entry entry) {
        return json(json -> {
            json.writeStartObject();
            json.writeStringField("object", "list");
            json.writeArrayFieldStart("data");
            for (Deployment deployment : deployments.get().all()) {
                if (permissions.get().allow(exchange.principal(), Right.READ, deployment)) {
                    entry.write(json, deployment);
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void writeModel(JsonGenerator json, Deployment deployment) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", deployment.name());
        json.writeStringField("object", "model");
        json.writeNumberField("created", 0);
        json.writeStringField("owned_by", format(deployment));
        writeRetirement(json, deployment);
        json.writeEndObject();
    }

    /** In the words of the list of models on Azure. */
    private static void writeRetirement(JsonGenerator json, Deployment deployment) throws IOException {
        ModelConfig model = deployment.config().model();
        if (model != null && model.retires() != null) {
            json.writeStringField(
                    "lifecycle_status", deployment.retired(Instant.now()) ? "deprecated" : "generally-available");
            json.writeObjectFieldStart("deprecation");
            json.writeNumberField("inference", model.retires().getEpochSecond());
            json.writeEndObject();
        }
    }

    private static void writeDeployment(JsonGenerator json, Deployment deployment) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", deployment.name());
        json.writeStringField("object", "deployment");
        json.writeStringField("model", deployment.modelName());
        json.writeStringField("owner", "organization-owner");
        json.writeStringField("status", deployment.config().paused() ? "paused" : "succeeded");
        json.writeNumberField("created_at", 0);
        json.writeNumberField("updated_at", 0);
        json.writeObjectFieldStart("scale_settings");
        json.writeStringField("scale_type", "standard");
        json.writeEndObject();
        SkuConfig sku = deployment.config().sku();
        if (sku != null) {
            json.writeObjectFieldStart("sku");
            json.writeStringField("name", sku.name().word());
            json.writeNumberField("capacity", sku.capacity());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void writeInfo(JsonGenerator json, Deployment deployment) throws IOException {
        json.writeStartObject();
        json.writeStringField("model_name", deployment.modelName());
        json.writeStringField("model_type", modelType(deployment));
        json.writeStringField("model_provider_name", format(deployment));
        json.writeEndObject();
    }

    /** The first thing the deployment does, in the words of the inference clients. */
    private static String modelType(Deployment deployment) {
        if (deployment.does(OperationName.CHAT_COMPLETIONS)) {
            return "chat_completion";
        }
        if (deployment.does(OperationName.EMBEDDINGS)) {
            return "embeddings";
        }
        if (deployment.does(OperationName.IMAGE_EMBEDDINGS)) {
            return "image_embeddings";
        }
        if (deployment.does(OperationName.IMAGE_GENERATIONS)) {
            return "image_generation";
        }
        return deployment.does(OperationName.SPEECH) ? "audio_generation" : "text_generation";
    }

    private static String format(Deployment deployment) {
        ModelConfig model = deployment.config().model();
        return model == null || model.format() == null ? "" : model.format();
    }

    private static byte[] json(Writer writer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            writer.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
