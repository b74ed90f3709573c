package marina.login;

import java.util.Optional;

/** How somebody logs in. Answers always, on the calling thread or later on another; blocks nowhere. Thread-safe. */
interface LoginMethod {

    /** The login page, and what is sent from it. */
    void login(Exchange exchange) throws Exception;

    /** Somebody comes back from elsewhere. */
    void comeBack(Exchange exchange) throws Exception;

    /** Where users log out elsewhere, too. */
    Optional<String> farewell();
}
