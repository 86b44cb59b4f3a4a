package dev.dsg.standalone.system;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * What runs, as {@code system.json} holds it for later commands. It contains the key to the store, so nobody but the user
 * can read the file.
 *
 * @param owner the command that stops the system when it ends, or {@code null} when it is to stay until told to stop
 * @param access how to reach it
 * @param workers how many generators there are to be
 * @param members its processes, in the order they were started
 */
record SystemRecord(
        @JsonInclude(JsonInclude.Include.NON_NULL) ProcessId owner, Access access, int workers, List<Member> members) {

    SystemRecord {
        members = List.copyOf(members);
    }

    /** The same system with one more process, or with another one in the place of the member of that name. */
    SystemRecord with(Member member) {
        var changed = new ArrayList<>(members);
        changed.replaceAll(old -> old.name().equals(member.name()) ? member : old);
        if (!changed.contains(member)) {
            changed.add(member);
        }
        return new SystemRecord(owner, access, workers, changed);
    }

    /** The same system, reached in another way. */
    SystemRecord with(Access other) {
        return new SystemRecord(owner, other, workers, members);
    }

    /** The member of a name. */
    Member member(String name) {
        return members.stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(name));
    }

    /** The services among its members. */
    List<Member> services() {
        return members.stream().filter(member -> member.role().service()).toList();
    }

    /** The members that do not run. */
    List<Member> dead() {
        return members.stream().filter(member -> !member.process().alive()).toList();
    }

    /** Whether the command that would have stopped it died without doing so. */
    boolean abandoned() {
        return owner != null && !owner.alive();
    }
}
