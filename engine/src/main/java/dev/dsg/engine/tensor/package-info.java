/**
 * The only door to DJL. {@link dev.dsg.engine.tensor.Tensor} offers the operations the engine needs and none that
 * corrupt gradients; {@link dev.dsg.engine.tensor.Scope} frees native memory; {@link dev.dsg.engine.tensor.GradientScope}
 * records and runs backward passes in any number of threads at once.
 *
 * <p>DJL keeps a Java {@code Number} operand in a direct buffer that a garbage collection may free between the forward
 * and the backward pass, and then returns wrong gradients without a word. Here a scalar operand is always native memory
 * that autograd itself keeps alive. An ArchUnit test forbids {@code ai.djl} outside this package.
 */
package dev.dsg.engine.tensor;
