package marina.config;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** The hashes of passwords that are accepted: what htpasswd and its like write. Never plain text. */
public enum PasswordForm {
    /** {@code $2y$10$…}. */
    BCRYPT("\\$2[abxy]\\$(0[4-9]|1\\d|2\\d|3[01])\\$[./A-Za-z0-9]{53}"),
    /** {@code $5$…}. */
    SHA_256_CRYPT("\\$5\\$(rounds=\\d+\\$)?[^$:]{1,16}\\$[./A-Za-z0-9]{43}"),
    /** {@code $6$…}. */
    SHA_512_CRYPT("\\$6\\$(rounds=\\d+\\$)?[^$:]{1,16}\\$[./A-Za-z0-9]{86}"),
    /** {@code $apr1$…}. */
    APR1("\\$apr1\\$[^$:]{1,8}\\$[./A-Za-z0-9]{22}"),
    /** {@code $1$…}. */
    MD5_CRYPT("\\$1\\$[^$:]{1,8}\\$[./A-Za-z0-9]{22}"),
    /** {@code {SHA}…}. */
    SHA1("\\{SHA\\}[A-Za-z0-9+/]{27}="),
    /** {@code {SSHA}…}. */
    SALTED_SHA1("\\{SSHA\\}[A-Za-z0-9+/]{28,}={0,2}");

    private final Pattern form;

    PasswordForm(String form) {
        this.form = Pattern.compile(form);
    }

    /** The form of a hash; empty when it is of none, plain text for instance. */
    public static Optional<PasswordForm> of(String text) {
        return Arrays.stream(values())
                .filter(form -> form.form.matcher(text).matches())
                .findFirst();
    }
}
