@org.jspecify.annotations.NullMarked
package marina.export;
