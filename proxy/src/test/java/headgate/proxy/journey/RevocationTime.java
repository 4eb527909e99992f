package headgate.proxy.journey;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Measures how long a revoked key goes on; a main, since what it prints depends on the machine. */
final class RevocationTime {
    private static final int ROUNDS = 20;
    private static final int NODES = 2;

    private RevocationTime() {}

    /** Prints the median and the most. */
    public static void main(String[] arguments) throws Exception {
        List<Long> millis = new ArrayList<>();
        try (KeyNodes nodes = new KeyNodes(Files.createTempDirectory("revocation"), NODES, "{}")) {
            for (int round = 0; round < ROUNDS; round++) {
                String name = "team-" + round;
                String key = nodes.key("add", name).key();
                List<CompletableFuture<Long>> refusals = new ArrayList<>();
                for (int node = 0; node < NODES; node++) {
                    refusals.add(refusal(nodes, node, key));
                }
                Thread.sleep(300 + 37L * round);
                long revoked = System.nanoTime();
                nodes.key("revoke", name);
                for (CompletableFuture<Long> refusal : refusals) {
                    millis.add((refusal.get() - revoked) / 1_000_000);
                }
            }
        }
        Collections.sort(millis);
        System.out.printf(
                "revoked keys were refused after %d ms (median), %d ms (most of %d)%n",
                millis.get(millis.size() / 2), millis.get(millis.size() - 1), millis.size());
    }

    private static CompletableFuture<Long> refusal(KeyNodes nodes, int node, String key) throws Exception {
        while (nodes.status(node, key) != 200) {
            Thread.sleep(5);
        }
        CompletableFuture<Long> refused = new CompletableFuture<>();
        new Thread(() -> {
                    try {
                        while (nodes.status(node, key) == 200) {
                            Thread.sleep(2);
                        }
                        refused.complete(System.nanoTime());
                    } catch (Exception e) {
                        refused.completeExceptionally(e);
                    }
                })
                .start();
        return refused;
    }
}
