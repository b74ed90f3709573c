package marina.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads PEM files (RFC 7468): what stands outside of their blocks is commentary. */
public final class PemFile {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*(?:-[^-]+)*)-----END \\1-----");
    private static final int LARGEST = 1024 * 1024;

    private PemFile() {}

    /**
     * One block.
     *
     * @param label what it says it is: {@code CERTIFICATE}
     * @param text what stands between its two lines
     */
    record Block(String label, String text) {
        byte[] content() throws PemException {
            try {
                return Base64.getMimeDecoder().decode(text);
            } catch (IllegalArgumentException e) {
                throw new PemException("is damaged: its block " + label + " is not Base64", e);
            }
        }
    }

    /**
     * The certificates of a file in the order of writing, at least one.
     *
     * @throws PemException when there is none, or one cannot be read
     */
    public static List<X509Certificate> certificates(Path file) throws PemException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks(file)) {
            if (block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE")) {
                certificates.add(certificate(block.content()));
            }
        }
        if (certificates.isEmpty()) {
            throw new PemException(
                    "holds no certificate; it must be in PEM, with a line -----BEGIN CERTIFICATE----- for each");
        }
        return List.copyOf(certificates);
    }

    /**
     * The first private key of a file: PKCS#8, PKCS#1 (RSA) or SEC1 (EC), not encrypted.
     *
     * @throws PemException when there is none that can be read
     */
    public static PrivateKey privateKey(Path file) throws PemException {
        return PrivateKeys.first(blocks(file));
    }

    /**
     * A private key and the public one after it.
     *
     * @throws PemException when one of them is missing or cannot be read
     */
    public static KeyPair keyPair(Path file) throws PemException {
        PrivateKey key = privateKey(file);
        for (Block block : blocks(file)) {
            if (block.label().equals("PUBLIC KEY")) {
                try {
                    X509EncodedKeySpec encoded = new X509EncodedKeySpec(block.content());
                    return new KeyPair(
                            KeyFactory.getInstance(key.getAlgorithm()).generatePublic(encoded), key);
                } catch (GeneralSecurityException e) {
                    throw new PemException("is damaged: its public key cannot be read", e);
                }
            }
        }
        throw new PemException("holds no public key, with a line -----BEGIN PUBLIC KEY-----");
    }

    private static X509Certificate certificate(byte[] der) throws PemException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException e) {
            throw new PemException("is damaged: a certificate in it cannot be read", e);
        }
    }

    private static List<Block> blocks(Path file) throws PemException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text(file));
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return blocks;
    }

    private static String text(Path file) throws PemException {
        try {
            if (Files.size(file) > LARGEST) {
                throw new PemException("is larger than 1 MB, so it is no PEM file of a certificate or a key");
            }
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (AccessDeniedException e) {
            throw new PemException("may not be read by the user that Marina runs as; change its owner or its mode", e);
        } catch (IOException e) {
            throw new PemException("cannot be read (" + e + ")", e);
        }
    }
}
