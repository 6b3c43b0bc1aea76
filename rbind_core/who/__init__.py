"""All proteins at once: which of them bind an RNA, and which does a variant touch?"""
