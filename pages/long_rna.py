import streamlit as st

st.title("Long RNA")
