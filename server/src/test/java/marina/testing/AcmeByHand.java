package marina.testing;

import java.io.IOException;

/** Runs an {@link AcmeAuthority} to try a server with: {@code PORT NAME=PORT…}; ends with its input. */
final class AcmeByHand {
    private AcmeByHand() {}

    public static void main(String[] arguments) throws Exception {
        try (AcmeAuthority authority = AcmeAuthority.startAt(Integer.parseInt(arguments[0]))) {
            for (int i = 1; i < arguments.length; i++) {
                String[] parts = arguments[i].split("=", -1);
                authority.leads(parts[0], Integer.parseInt(parts[1]));
            }
            System.out.println(authority.directory());
            System.out.println(
                    TestCertificates.pem("CERTIFICATE", authority.root().getEncoded()));
            awaitEndOfInput();
        }
    }

    private static void awaitEndOfInput() throws IOException {
        int read;
        do {
            read = System.in.read();
        } while (read >= 0);
    }
}
