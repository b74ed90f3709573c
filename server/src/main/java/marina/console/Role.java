package marina.console;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a user of the console may do: the names of Tomcat's manager, and one for all of them. */
enum Role {
    /** Everything. */
    MANAGER("manager"),
    /** The console in a browser. */
    GUI("manager-gui"),
    /** REST and the text protocol for scripts. */
    SCRIPT("manager-script"),
    /** The JMX proxy. */
    JMX("manager-jmx"),
    /** Looking at the status and the metrics. */
    STATUS("manager-status");

    private final String text;

    Role(String text) {
        this.text = text;
    }

    /** The name of each. */
    static Set<String> names() {
        return Stream.of(values()).map(role -> role.text).collect(Collectors.toSet());
    }

    /** Those of a user among all that the user has. */
    static Set<Role> of(Set<String> names) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (Role role : values()) {
            if (names.contains(role.text)) {
                roles.add(role);
            }
        }
        return roles;
    }

    @Override
    public String toString() {
        return text;
    }
}
