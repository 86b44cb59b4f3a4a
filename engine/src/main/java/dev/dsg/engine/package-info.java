/** The science of data-free quantization. This package holds what all its rooms share: the error and the progress listener. */
package dev.dsg.engine;
