"""What a jailed test run may ask of the kernel: lists of system calls, and their numbers on each machine.

A number is written `name:x86_64:aarch64`, `-` where the machine has no such call. Those of x86_64 were measured, those
of aarch64 are the kernel's generic table, unmeasured. What stands in no list is refused with EPERM.
"""

from __future__ import annotations

from typing import Final


def words(text: str) -> tuple[str, ...]:
    """Return the names in a text."""
    return tuple(text.split())


HARMLESS: Final = words("""
read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek close close_range dup dup2 dup3 pipe
pipe2 sendfile copy_file_range splice fsync fdatasync sync_file_range ftruncate fallocate fadvise64 flock readahead
creat mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat mknod mknodat
stat fstat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat statfs fstatfs getdents getdents64
getcwd chdir fchdir umask
mmap munmap mprotect mremap madvise msync mincore brk membarrier pkey_alloc pkey_free pkey_mprotect
futex futex_waitv set_robust_list get_robust_list rseq set_tid_address arch_prctl exit exit_group restart_syscall
rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack signalfd signalfd4
pause select pselect6 poll ppoll
epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd eventfd2
timerfd_create timerfd_settime timerfd_gettime timer_create timer_settime timer_gettime timer_getoverrun
timer_delete alarm getitimer setitimer nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times
getpid gettid getppid getpgrp getpgid getsid getuid geteuid getgid getegid getresuid getresgid getgroups
getrusage getrlimit setrlimit getpriority sysinfo uname getcpu getrandom capget wait4 waitid
sched_yield sched_getaffinity sched_getparam sched_getscheduler sched_getattr
sched_get_priority_max sched_get_priority_min sched_rr_get_interval get_mempolicy
sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg shutdown getsockname getpeername getsockopt setsockopt
getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr
""")

CHECKED: Final = words(
    "open openat clone kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo prlimit64 socketpair ioctl fcntl prctl"
)
"""Allowed for some arguments only."""

PRETENDED: Final = words("chmod fchmod fchmodat fchmodat2 utime utimes utimensat futimesat")
"""Reported as done, and not done: Landlock does not guard a file's mode and times, and `shutil.copy` sets them."""

UNKNOWN: Final = words("clone3 openat2")
"""Reported as unknown, so that the C library falls back to the calls whose arguments a filter can see."""

HOSTILE: Final = words("""
ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd
mount umount2 pivot_root chroot fsopen fsconfig fsmount fspick move_mount open_tree mount_setattr unshare setns
bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register
kexec_load kexec_file_load init_module finit_module delete_module reboot swapon swapoff
add_key request_key keyctl open_by_handle_at quotactl acct syslog
settimeofday clock_settime adjtimex clock_adjtime sethostname setdomainname
iopl ioperm modify_ldt vhangup migrate_pages move_pages lookup_dcookie
""")
"""No test needs one of these: whoever makes one is killed on the spot."""

OUTWARD: Final = words("execve execveat socket")
"""Refused to a jailed process; a sealed one, which only computes, is killed for them."""

_TABLE: Final = """
access:21:- acct:163:89 add_key:248:217 adjtimex:159:171 alarm:37:- arch_prctl:158:- bpf:321:280 brk:12:214
capget:125:90 chdir:80:49 chmod:90:- chroot:161:51 clock_adjtime:305:266 clock_getres:229:114 clock_gettime:228:113
clock_nanosleep:230:115 clock_settime:227:112 clone:56:220 clone3:435:435 close:3:57 close_range:436:436
copy_file_range:326:285 creat:85:- delete_module:176:106 dup:32:23 dup2:33:- dup3:292:24 epoll_create:213:-
epoll_create1:291:20 epoll_ctl:233:21 epoll_pwait:281:22 epoll_pwait2:441:441 epoll_wait:232:- eventfd:284:-
eventfd2:290:19 exit:60:93 exit_group:231:94 faccessat:269:48 faccessat2:439:439 fadvise64:221:223 fallocate:285:47
fchdir:81:50 fchmod:91:52 fchmodat:268:53 fchmodat2:452:452 fcntl:72:25 fdatasync:75:83 fgetxattr:193:10
finit_module:313:273 flistxattr:196:13 flock:73:32 fsconfig:431:431 fsmount:432:432 fsopen:430:430 fspick:433:433
fstat:5:80 fstatfs:138:44 fsync:74:82 ftruncate:77:46 futex:202:98 futex_waitv:449:449 futimesat:261:-
get_mempolicy:239:236 get_robust_list:274:100 getcpu:309:168 getcwd:79:17 getdents:78:- getdents64:217:61
getegid:108:177 geteuid:107:175 getgid:104:176 getgroups:115:158 getitimer:36:102 getpeername:52:205 getpgid:121:155
getpgrp:111:- getpid:39:172 getppid:110:173 getpriority:140:141 getrandom:318:278 getresgid:120:150 getresuid:118:148
getrlimit:97:163 getrusage:98:165 getsid:124:156 getsockname:51:204 getsockopt:55:209 gettid:186:178
gettimeofday:96:169 getuid:102:174 getxattr:191:8 init_module:175:105 io_uring_enter:426:426 io_uring_register:427:427
io_uring_setup:425:425 ioctl:16:29 ioperm:173:- iopl:172:- kcmp:312:272 kexec_file_load:320:294 kexec_load:246:104
keyctl:250:219 kill:62:129 lgetxattr:192:9 link:86:- linkat:265:37 listxattr:194:11 llistxattr:195:12
lookup_dcookie:212:18 lseek:8:62 lstat:6:- madvise:28:233 membarrier:324:283 migrate_pages:256:238 mincore:27:232
mkdir:83:- mkdirat:258:34 mknod:133:- mknodat:259:33 mmap:9:222 modify_ldt:154:- mount:165:40 mount_setattr:442:442
move_mount:429:429 move_pages:279:239 mprotect:10:226 mremap:25:216 msync:26:227 munmap:11:215 nanosleep:35:101
newfstatat:262:79 open:2:- open_by_handle_at:304:265 open_tree:428:428 openat:257:56 openat2:437:437 pause:34:-
perf_event_open:298:241 pidfd_getfd:438:438 pipe:22:- pipe2:293:59 pivot_root:155:41 pkey_alloc:330:289
pkey_free:331:290 pkey_mprotect:329:288 poll:7:- ppoll:271:73 prctl:157:167 pread64:17:67 preadv:295:69
preadv2:327:286 prlimit64:302:261 process_madvise:440:440 process_vm_readv:310:270 process_vm_writev:311:271
pselect6:270:72 ptrace:101:117 pwrite64:18:68 pwritev:296:70 pwritev2:328:287 quotactl:179:60 read:0:63
readahead:187:213 readlink:89:- readlinkat:267:78 readv:19:65 reboot:169:142 recvfrom:45:207 recvmmsg:299:243
recvmsg:47:212 rename:82:- renameat:264:38 renameat2:316:276 request_key:249:218 restart_syscall:219:128 rmdir:84:-
rseq:334:293 rt_sigaction:13:134 rt_sigpending:127:136 rt_sigprocmask:14:135 rt_sigqueueinfo:129:138
rt_sigreturn:15:139 rt_sigsuspend:130:133 rt_sigtimedwait:128:137 rt_tgsigqueueinfo:297:240
sched_get_priority_max:146:125 sched_get_priority_min:147:126 sched_getaffinity:204:123 sched_getattr:315:275
sched_getparam:143:121 sched_getscheduler:145:120 sched_rr_get_interval:148:127 sched_yield:24:124 select:23:-
sendfile:40:71 sendmmsg:307:269 sendmsg:46:211 sendto:44:206 set_robust_list:273:99 set_tid_address:218:96
setdomainname:171:162 sethostname:170:161 setitimer:38:103 setns:308:268 setrlimit:160:164 setsockopt:54:208
settimeofday:164:170 shutdown:48:210 sigaltstack:131:132 signalfd:282:- signalfd4:289:74 socketpair:53:199
splice:275:76 stat:4:- statfs:137:43 statx:332:291 swapoff:168:225 swapon:167:224 symlink:88:- symlinkat:266:36
sync_file_range:277:84 sysinfo:99:179 syslog:103:116 tgkill:234:131 time:201:- timer_create:222:107
timer_delete:226:111 timer_getoverrun:225:109 timer_gettime:224:108 timer_settime:223:110 timerfd_create:283:85
timerfd_gettime:287:87 timerfd_settime:286:86 times:100:153 tkill:200:130 umask:95:166 umount2:166:39 uname:63:160
unlink:87:- unlinkat:263:35 unshare:272:97 userfaultfd:323:282 utime:132:- utimensat:280:88 utimes:235:-
vhangup:153:58 wait4:61:260 waitid:247:95 write:1:64 writev:20:66
execve:59:221 execveat:322:281 socket:41:198
"""

LAST_KNOWN: Final = 452
"""The highest number in the table; what is newer is reported as unknown, for the C library to fall back."""


def numbers(machine: str) -> dict[str, int]:
    """Return the number of each system call in the lists that `machine` has."""
    column = ("x86_64", "aarch64").index(machine) + 1
    rows = (entry.split(":") for entry in _TABLE.split())
    return {row[0]: int(row[column]) for row in rows if row[column] != "-"}
