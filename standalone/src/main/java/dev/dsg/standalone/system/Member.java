package dev.dsg.standalone.system;

/**
 * A process of the system.
 *
 * @param name unique within the system; also the name of its log file
 * @param role what it is for
 * @param process which process it is
 * @param port where it listens, on the loopback address
 */
record Member(String name, Role role, ProcessId process, int port) {}
