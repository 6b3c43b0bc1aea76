"""What a model recognises: k-mers ranked by global importance, and motifs from the best ones."""

from rbind_core.motifs.alignment import ALIGNED as ALIGNED
from rbind_core.motifs.alignment import alignment_motif as alignment_motif
from rbind_core.motifs.alignment import information as information
from rbind_core.motifs.alignment import mutation_heights as mutation_heights
from rbind_core.motifs.comparison import MatchedMotif as MatchedMotif
from rbind_core.motifs.comparison import MotifMatch as MotifMatch
from rbind_core.motifs.comparison import compare_motifs as compare_motifs
from rbind_core.motifs.comparison import rank_motifs as rank_motifs
from rbind_core.motifs.kmers import KMER_START as KMER_START
from rbind_core.motifs.kmers import KmerImportance as KmerImportance
from rbind_core.motifs.kmers import KmerScan as KmerScan
from rbind_core.motifs.kmers import check_place as check_place
from rbind_core.motifs.kmers import exhaustive_scan as exhaustive_scan
from rbind_core.motifs.kmers import fast_scan as fast_scan
from rbind_core.motifs.kmers import kmer_importance as kmer_importance
from rbind_core.motifs.meme import PublishedMotif as PublishedMotif
from rbind_core.motifs.meme import read_meme as read_meme
from rbind_core.motifs.meme import read_meme_file as read_meme_file
from rbind_core.motifs.meme import write_meme as write_meme
from rbind_core.motifs.published import consensus_motif as consensus_motif
from rbind_core.motifs.published import null_columns as null_columns
from rbind_core.motifs.published import published_match as published_match
from rbind_core.motifs.published import published_motif as published_motif
from rbind_core.motifs.ranks import RankGroup as RankGroup
from rbind_core.motifs.ranks import rank_groups as rank_groups
from rbind_core.motifs.ranks import separation_text as separation_text
