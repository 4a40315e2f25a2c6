package dev.toygres.durable.examples;

import dev.toygres.durable.Context;
import dev.toygres.durable.FlowType;
import dev.toygres.durable.StepOptions;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A flow that makes something, books it, waits for a sign of life, and can take it all back. */
final class CreateInstanceExample {
    static final FlowType<Order, Receipt> TYPE =
            new FlowType<>("create-instance", Order.class, Receipt.class);

    private static final StepOptions PATIENT =
            StepOptions.DEFAULT
                    .attempts(10)
                    .attemptTimeout(Duration.ofMinutes(5))
                    .deadline(Duration.ofMinutes(15));

    final List<String> world = new CopyOnWriteArrayList<>();

    record Order(String instance) {}

    record Receipt(String address) {}

    Receipt create(Context flow, Order order) {
        flow.onUndo("volume", StepOptions.DEFAULT, _ -> world.remove("volume"));
        flow.step("volume", StepOptions.DEFAULT, _ -> createVolume());
        flow.progress(0.5, "the volume is there");
        String address = flow.step("start", PATIENT, String.class, _ -> startServer(order));
        flow.transact("book", connection -> book(connection.prepareStatement(BOOK), order));
        flow.awaitEvent("alive", "alive", String.class, Duration.ofMinutes(10));
        flow.pointOfNoReturn("handed over");
        return new Receipt(address);
    }

    private static final String BOOK = "insert into instance values (?)";

    /** Asks first: the step may run again after a crash. */
    private void createVolume() {
        if (!world.contains("volume")) {
            world.add("volume");
        }
    }

    private static String startServer(Order order) {
        return order.instance() + ".example.org";
    }

    private static void book(PreparedStatement insert, Order order) throws SQLException {
        try (insert) {
            insert.setString(1, order.instance());
            insert.executeUpdate();
        }
    }
}
