package dev.toygres.model;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * IP addresses that share their first bits, in the notation of RFC 4632: {@code 10.1.0.0/16}. A
 * single address is a range of one.
 */
public record AddressRange(String network, int bits) {
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]+");

    public AddressRange {
        fault(network, bits)
                .ifPresent(
                        fault -> {
                            throw new IllegalArgumentException(fault);
                        });
    }

    /**
     * @throws IllegalArgumentException when it is none; the message says why
     */
    public static AddressRange parse(String text) {
        String[] parts = text.strip().split("/", 2);
        if (parts.length == 2 && !parts[1].matches("\\d{1,3}")) {
            throw new IllegalArgumentException("'" + text + "' has no number of bits after its /");
        }
        int bits =
                parts.length == 2
                        ? Integer.parseInt(parts[1])
                        : bytes(parts[0]).map(all -> all.length * 8).orElse(0);
        return new AddressRange(parts[0], bits);
    }

    private static Optional<String> fault(String network, int bits) {
        Optional<byte[]> bytes = bytes(network);
        if (bytes.isEmpty()) {
            return Optional.of("'" + network + "' is not an IP address");
        }
        int most = bytes.get().length * 8;
        return bits > most
                ? Optional.of("/" + bits + " is more than the " + most + " bits of " + network)
                : Optional.empty();
    }

    /** Whether the address lies in it; a name never does. */
    public boolean contains(String address) {
        byte[] mine = bytes(network).orElseThrow();
        return bytes(address).filter(other -> sharesBits(mine, other)).isPresent();
    }

    private boolean sharesBits(byte[] mine, byte[] other) {
        int whole = bits / 8;
        int shift = 8 - bits % 8;
        return mine.length == other.length
                && Arrays.equals(mine, 0, whole, other, 0, whole)
                && (shift == 8 || (mine[whole] & 0xff) >> shift == (other[whole] & 0xff) >> shift);
    }

    /** Never asks a name server. */
    private static Optional<byte[]> bytes(String address) {
        try {
            return ADDRESS.matcher(address).matches()
                    ? Optional.of(InetAddress.getByName(address).getAddress())
                    : Optional.empty();
        } catch (UnknownHostException none) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return network + "/" + bits;
    }
}
