from .models import ImportJob


class UndoSlice:
    def __init__(self, job: ImportJob) -> None:
        self.job = job

    def work(self) -> bool:
        return False
