package headgate.proxy.journey;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Several upstreams behind one deployment, with a gateway in front and one caller. */
final class Upstreams implements AutoCloseable {
    static final String BODY = "{\"model\":\"gpt\",\"messages\":[]}";

    final List<ScriptedUpstream> all = new ArrayList<>();
    final TestGateway gateway;
    final RawCaller caller;

    /**
     * Sets them up.
     *
     * @param deployment what the deployment says beside its upstreams, in flow style; ends with a comma unless empty
     * @param upstreams what each says beside its URL, such as {@code priority: 1}
     * @param scripts one for each
     */
    Upstreams(String deployment, List<String> upstreams, ScriptedUpstream.Script... scripts) throws IOException {
        StringBuilder yaml = new StringBuilder("{ ").append(deployment).append(" upstreams: [");
        for (int i = 0; i < scripts.length; i++) {
            all.add(ScriptedUpstream.start(scripts[i]));
            yaml.append(i == 0 ? "" : ", ")
                    .append("{ url: \"")
                    .append(all.get(i).url())
                    .append("\", ")
                    .append(upstreams.get(i))
                    .append(" }");
        }
        gateway = TestGateway.withDeployment(yaml.append("] }").toString());
        caller = new RawCaller(gateway.port());
    }

    /** Two upstreams, the first preferred. */
    static Upstreams firstThenSecond(String deployment, ScriptedUpstream.Script first, ScriptedUpstream.Script second)
            throws IOException {
        return new Upstreams(deployment, List.of("priority: 1", "priority: 2"), first, second);
    }

    RawCaller.Answer ask() throws IOException {
        return caller.chat(BODY).read();
    }

    /** How many requests came to upstream {@code i}. */
    int requests(int i) {
        return all.get(i).waiting();
    }

    @Override
    public void close() throws IOException {
        caller.close();
        gateway.close();
        for (ScriptedUpstream upstream : all) {
            upstream.close();
        }
    }
}
