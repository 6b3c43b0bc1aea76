"""Training runs as folders on disk that outlive the program that started them: queue, state, resuming."""

from rbind_core.runs.manage import MOST_WAITING as MOST_WAITING
from rbind_core.runs.manage import cancel as cancel
from rbind_core.runs.manage import delete as delete
from rbind_core.runs.manage import list_runs as list_runs
from rbind_core.runs.manage import resume as resume
from rbind_core.runs.manage import submit as submit
from rbind_core.runs.queue import QUEUE as QUEUE
from rbind_core.runs.run import Run as Run
from rbind_core.runs.run import TrainingRequest as TrainingRequest
from rbind_core.runs.run import find_run as find_run
from rbind_core.runs.status import ACTIVE as ACTIVE
from rbind_core.runs.status import CANCELLED as CANCELLED
from rbind_core.runs.status import FAILED as FAILED
from rbind_core.runs.status import FINISHED as FINISHED
from rbind_core.runs.status import STOPPED as STOPPED
from rbind_core.runs.status import TRAINING as TRAINING
from rbind_core.runs.status import WAITING as WAITING
from rbind_core.runs.status import Epoch as Epoch
from rbind_core.runs.status import Status as Status
from rbind_core.runs.status import status as status
