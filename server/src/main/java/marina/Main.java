package marina;

/** Arguments to exit status. */
public final class Main {

    private Main() {}

    /** The program. */
    public static void main(String[] arguments) {
        System.exit(arguments.length);
    }
}
