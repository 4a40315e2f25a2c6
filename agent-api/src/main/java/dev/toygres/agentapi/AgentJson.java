package dev.toygres.agentapi;

import dev.toygres.model.HostId;
import dev.toygres.model.InstanceId;
import dev.toygres.model.MemberId;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/** How orders and answers look on the wire. Ids are plain strings. */
public final class AgentJson {
    private AgentJson() {}

    /** A mapper for the types of this package. */
    public static JsonMapper mapper() {
        var ids = new SimpleModule("ids");
        id(ids, MemberId.class, MemberId::new);
        id(ids, InstanceId.class, InstanceId::new);
        id(ids, HostId.class, HostId::new);
        return JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                // Servers and agents are not renewed in the same moment.
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .addModule(ids)
                .build();
    }

    private static <T> void id(SimpleModule module, Class<T> type, Function<String, T> reader) {
        module.addSerializer(type, ToStringSerializer.instance);
        module.addDeserializer(
                type,
                new ValueDeserializer<T>() {
                    @Override
                    public T deserialize(JsonParser parser, DeserializationContext context) {
                        var text = parser.getValueAsString();
                        try {
                            return reader.apply(text == null ? "" : text);
                        } catch (IllegalArgumentException fault) {
                            return context.reportInputMismatch(type, "%s", fault.getMessage());
                        }
                    }
                });
    }
}
