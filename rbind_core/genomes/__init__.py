"""Genomes: sequences of chromosomes, and what stands on them in BED, GTF and VCF files."""
