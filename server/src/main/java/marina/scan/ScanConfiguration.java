package marina.scan;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jetty.annotations.AnnotationParser;
import org.eclipse.jetty.util.component.Environment;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Has Jetty's AnnotationConfiguration of a level use a certain parser. It takes a subclass to do so, of a class that each level has
 * for itself: so it is made when the level is first needed, and kept with it. Thread-safe.
 */
public final class ScanConfiguration {
    private static final String KNOWN = ScanConfiguration.class.getName();
    private static final String PARSER = Type.getInternalName(AnnotationParser.class);
    private static final String FIELD = "parser";

    private ScanConfiguration() {}

    /**
     * Exchanges the one among the configurations of a context; they find out by themselves what it replaces.
     *
     * @param configurations of a WebAppContext of that level, not started
     */
    @SuppressWarnings("unchecked") // a class of each level
    public static void install(Environment level, List<?> configurations, AnnotationParser parser) {
        try {
            ((List<Object>) configurations).add(typeOf(level).newInstance(parser));
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("Cannot configure a context of " + level.getName(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot configure a context of " + level.getName(), e);
        }
    }

    private static Constructor<?> typeOf(Environment level) throws ReflectiveOperationException {
        if (level.getAttribute(KNOWN) instanceof Constructor<?> known) {
            return known;
        }
        Class<?> base = Class.forName(
                "org.eclipse.jetty." + level.getName() + ".annotations.AnnotationConfiguration",
                true,
                level.getClassLoader());
        Constructor<?> constructor = new Home(level.getClassLoader())
                .define(base.getSimpleName() + "OfMarina", subclass(base))
                .getConstructor(AnnotationParser.class);
        level.setAttribute(KNOWN, constructor);
        return constructor;
    }

    private static byte[] subclass(Class<?> base) {
        String name = base.getSimpleName() + "OfMarina";
        String parent = Type.getInternalName(base);
        ClassWriter type = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        type.visit(Opcodes.V17, Opcodes.ACC_PUBLIC | Opcodes.ACC_SUPER, name, null, parent, new String[0]);
        String descriptor = "L" + PARSER + ";";
        type.visitField(Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL, FIELD, descriptor, null, null)
                .visitEnd();
        MethodVisitor create = type.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "(" + descriptor + ")V", null, null);
        create.visitCode();
        create.visitVarInsn(Opcodes.ALOAD, 0);
        create.visitMethodInsn(Opcodes.INVOKESPECIAL, parent, "<init>", "()V", false);
        create.visitVarInsn(Opcodes.ALOAD, 0);
        create.visitVarInsn(Opcodes.ALOAD, 1);
        create.visitFieldInsn(Opcodes.PUTFIELD, name, FIELD, descriptor);
        create.visitInsn(Opcodes.RETURN);
        create.visitMaxs(0, 0);
        create.visitEnd();
        MethodVisitor parser = answer(type, createParser(base));
        parser.visitVarInsn(Opcodes.ALOAD, 0);
        parser.visitFieldInsn(Opcodes.GETFIELD, name, FIELD, descriptor);
        end(parser);
        MethodVisitor replaces = answer(type, method(base, "replaces"));
        replaces.visitLdcInsn(Type.getObjectType(parent));
        end(replaces);
        type.visitEnd();
        return type.toByteArray();
    }

    /** Begins to override a method that returns an object. */
    private static MethodVisitor answer(ClassWriter type, Method method) {
        MethodVisitor code =
                type.visitMethod(Opcodes.ACC_PUBLIC, method.getName(), Type.getMethodDescriptor(method), null, null);
        code.visitCode();
        return code;
    }

    private static void end(MethodVisitor code) {
        code.visitInsn(Opcodes.ARETURN);
        code.visitMaxs(0, 0);
        code.visitEnd();
    }

    /** EE 10 and later give it a number of ASM. */
    private static Method createParser(Class<?> base) {
        return Arrays.stream(base.getDeclaredMethods())
                .filter(method -> method.getName().equals("createAnnotationParser"))
                .filter(method -> method.getReturnType() == AnnotationParser.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(base + " makes no parser"));
    }

    private static Method method(Class<?> base, String name) {
        try {
            return base.getMethod(name);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sees the classes of a level, and is seen by no application. */
    private static final class Home extends ClassLoader {
        Home(ClassLoader level) {
            super("marina-scan", level);
        }

        Class<?> define(String name, byte[] content) {
            return defineClass(name, content, 0, content.length);
        }
    }
}
